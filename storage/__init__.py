"""What armswire remembers, in DuckDB: transactions, migrations, the outbox and the read-only
copy."""
