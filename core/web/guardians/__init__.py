"""The pages that a guardian opens with a secret address and a code; nobody there has an account."""
