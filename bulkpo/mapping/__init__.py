"""Floor 2: mappings, from YAML to rules that turn rows into documents and back."""
