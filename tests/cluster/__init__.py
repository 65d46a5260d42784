"""Several desks on one shop, behind a balancer and over a database with a standby, of which one after another is killed."""
