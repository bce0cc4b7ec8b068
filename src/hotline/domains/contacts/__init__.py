"""What happened on the line: contacts, their timeline, interactions, matters, recordings, figures and call-backs."""
