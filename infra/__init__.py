"""The templates of the installation and the script that deploys them."""
