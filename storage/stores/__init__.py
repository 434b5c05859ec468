"""The stores: all SQL, a file per noun. Rows become frozen records before they leave."""
