"""The contract: vocabulary and one schema file a noun."""
