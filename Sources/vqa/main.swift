print("vqa")
