from django.apps import AppConfig


class BlobsConfig(AppConfig):
    name = "xiezhi.blobs"
    label = "blobs"
