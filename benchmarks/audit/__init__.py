"""The fairness audit on made-up trusts whose true gaps are known, and its speed."""
