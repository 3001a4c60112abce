"""Files to articles: found, decoded, parsed in a sandbox, cleaned, given an identity."""
