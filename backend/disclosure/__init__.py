"""Open government, and what a person may know of what is held of her (政务公开, 个人信息)."""
