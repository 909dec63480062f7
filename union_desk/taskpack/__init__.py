"""What is asked of the units: task packages as pure data."""
