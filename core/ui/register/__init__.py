"""The screen Register: parcels one after another, by scanner or keyboard."""
