"""What officers see first: my work today, across everything they hold."""
