"""An evaluation as one page that stands alone: plots, tables and the questions that went wrong worst."""
