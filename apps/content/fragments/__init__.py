"""What another system's programs would put into a document: shown as it is, where not honoured."""
