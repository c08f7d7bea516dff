"""The termly cycle on made-up trusts: quiet terms and terms with a shock, through what the commands run."""
