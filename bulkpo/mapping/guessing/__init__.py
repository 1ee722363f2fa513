"""What the columns of an unknown table probably are: names, values and layout judged together, with reasons."""
