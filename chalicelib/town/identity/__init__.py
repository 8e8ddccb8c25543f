"""Who somebody is: verification against the registry through Regina or by hand, guardian links, the second proof."""
