"""The pages: what each shows, gathered in one shared read and laid out in sections that renew themselves."""
