"""Where results go: metrics, the database, the web page and the reports."""
