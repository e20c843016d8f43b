document.documentElement.dataset.first = '';
