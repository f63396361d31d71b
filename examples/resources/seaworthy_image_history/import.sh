# The name. The history itself is not brought back: it begins with the image of the configuration.
terraform import seaworthy_image_history.api api
