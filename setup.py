"""The one thing pyproject.toml cannot say: the folder ``prompts`` beside the package is installed inside it."""

from setuptools import find_namespace_packages, setup

setup(
    packages=[*find_namespace_packages(include=["rag*"]), "rag.prompts"],
    package_dir={"rag.prompts": "prompts"},
)
