"""What the index must survive: short tests here, and the long form with its tables by ``python -m tests.faults``."""
