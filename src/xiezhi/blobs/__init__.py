"""Files by their content: what is kept is named by its SHA-256, so that it cannot change unseen.

Machinery: no services, no acts; the caller's act is the event. Use ``store.put``, ``store.open`` and what stands
beside them; point at ``models.Blob`` by a foreign key, or hold a file by name with ``store.hold``. Where the files
lie is the setting ``BLOBS`` (``places``): a folder, or a bucket of an S3 server.
"""
