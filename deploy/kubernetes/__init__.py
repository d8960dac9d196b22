"""Kubernetes by Kustomize; `python -m deploy.kubernetes.generated` writes the resources that follow from the code."""
