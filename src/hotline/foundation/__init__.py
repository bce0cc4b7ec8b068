"""Django base of every domain: tenancy, permissions, audit, outbox, jobs, field encryption. See README.md."""
