"""What is done with notices: posted, sent, receipted, replayed, read; and residents rung instead."""
