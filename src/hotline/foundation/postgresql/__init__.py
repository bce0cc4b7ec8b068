"""Django's PostgreSQL backend that tells the database, per transaction, which tenants are in reach."""
