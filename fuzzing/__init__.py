"""What breaks bulkpo is looked for with inputs made by chance: readers, mappings, answers and journals."""
