"""Prometheus: what it scrapes, its rules, and their tests; `python -m deploy.prometheus.objectives` writes `objectives.yml`."""
