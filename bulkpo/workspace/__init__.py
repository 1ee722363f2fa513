"""Floor 5: the one door. What a person or a program can ask for, with typed requests and typed results.

It opens things and composes them; it decides nothing and prints nothing. The command line works through its modules,
and `import bulkpo` hands on the names in `bulkpo.workspace.names`. What is heavy is imported by the call that needs it.
"""
