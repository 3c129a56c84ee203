"""A demo firm: people, contracts and requests that look like a working desk, for trying out and for measuring.

``seed`` tells sixty stories through the verbs; ``bulk`` writes hundreds of thousands of finished requests as rows.
"""
