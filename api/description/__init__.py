"""Description: what /openapi.json says beyond what the routes and schemas say themselves."""
