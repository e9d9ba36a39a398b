"""What is done with requests about data and with incidents."""
