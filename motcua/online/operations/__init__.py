"""What an applicant does online."""
