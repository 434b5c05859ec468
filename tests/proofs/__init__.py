"""Whatever happens, and wherever it happens: many courses of events, made instead of thought up."""
