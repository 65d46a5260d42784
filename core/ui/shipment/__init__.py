"""One shipment with everything that may be done to it: a drawer over any screen, and a page."""
