"""A Replicate at the wire: predictions on its models, with real files, real refusals and signed webhooks."""
