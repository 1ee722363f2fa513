"""What is made of a judged table: each column's use with its reasons, the questions, the answers, and the YAML."""
