"""What pyproject.toml cannot say: the folders ``prompts`` and ``corpus`` beside the package are installed inside it."""

from setuptools import find_namespace_packages, setup

setup(
    packages=[*find_namespace_packages(include=["rag*"]), "rag.prompts", "rag.samples"],
    package_dir={"rag.prompts": "prompts", "rag.samples": "corpus"},
)
