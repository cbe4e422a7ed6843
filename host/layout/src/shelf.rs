//! Nodes without edges, side by side in rows.

/// The upper left corners of boxes, and the size of all.
pub(crate) type Rows = (Vec<(i64, i64)>, (i64, i64));

/// The places of boxes in rows that are at most so wide, and the size of all. Rows are as full as they can be.
pub(crate) fn rows(sizes: &[(i64, i64)], widest: i64, gap: i64) -> Rows {
    let (mut x, mut y, mut height, mut width) = (0, 0, 0, 0);
    let mut places = Vec::with_capacity(sizes.len());
    for &(own_width, own_height) in sizes {
        if x > 0 && x + own_width > widest {
            (x, y) = (0, y + height + gap);
            height = 0;
        }
        places.push((x, y));
        width = width.max(x + own_width);
        height = height.max(own_height);
        x += own_width + gap;
    }
    (places, (width, y + height))
}

/// The width of rows that are together so many times as wide as high.
pub(crate) fn width_for(sizes: &[(i64, i64)], aspect: f64, gap: i64) -> i64 {
    let widest = sizes.iter().map(|size| size.0).max().unwrap_or(0);
    let (mut low, mut high) = (widest, sizes.iter().map(|size| size.0 + gap).sum::<i64>().max(widest));
    while low < high {
        let middle = (low + high) / 2;
        let (_, (width, height)) = rows(sizes, middle, gap);
        #[expect(clippy::cast_precision_loss, reason = "lengths of a drawing")]
        let is_wide = width as f64 >= aspect * height as f64;
        if is_wide { high = middle } else { low = middle + 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_aspect_that_is_asked_for() {
        let sizes = vec![(100, 40); 30];
        let width = width_for(&sizes, 1.5, 20);
        let (places, (width, height)) = rows(&sizes, width, 20);
        assert_eq!(places.len(), 30);
        assert!(width * 2 >= height * 3 && width <= height * 2, "{width} {height}");
    }
}
