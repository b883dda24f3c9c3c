"""Orchestration: the line from feeds to alerts, its Prefect flow, the demo and the command line."""
