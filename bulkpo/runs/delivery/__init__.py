"""Floor 4: how anything that changes Coupa leaves, whether an import or an export wants it."""
