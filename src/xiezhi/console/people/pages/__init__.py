"""Console pages of agencies, people, rights and approvals: one concept a file, forms beside their pages."""
