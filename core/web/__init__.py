"""The pages, a folder an area: a view loads, authorises, calls one service and answers."""
