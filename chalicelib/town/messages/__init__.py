"""Messages: the outbox, templates and channels, a person's inbox, and reminders of deadlines."""
