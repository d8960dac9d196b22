"""The Grafana dashboards as code: `python -m deploy.grafana.dashboards` writes them to `boards/`."""
