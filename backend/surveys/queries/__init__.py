"""What can be seen of surveys; of a person there is nothing to be seen."""
