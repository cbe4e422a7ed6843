//! Which paths lead into the folder of a project. What stands in a project never leads out of it, by a path or by a link:
//! whoever wrote it need not be who runs it.

use std::path::{Component, Path};

/// Whether a path, as seen from where the process runs, leads into a folder. Links are followed; nothing need be there.
pub(super) fn is_inside(folder: &Path, path: &Path) -> bool {
    let (Ok(root), Ok(path)) = (Path::new(".").join(folder).canonicalize(), std::path::absolute(path)) else {
        return false;
    };
    for there in path.ancestors() {
        match there.canonicalize() {
            Ok(real) => {
                let rest = path.strip_prefix(there).unwrap_or(&path);
                return real.starts_with(&root) && rest.components().all(|it| matches!(it, Component::Normal(_)));
            }
            // A link that leads nowhere could lead somewhere later.
            Err(_) if there.symlink_metadata().is_ok() => return false,
            Err(_) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_link_counts_as_what_it_leads_to() {
        use std::os::unix::fs::symlink;

        use super::is_inside;

        let around = tempfile::tempdir().unwrap();
        let project = around.path().join("project");
        std::fs::create_dir_all(project.join("sub")).unwrap();
        std::fs::write(around.path().join("out.txt"), "").unwrap();
        std::fs::write(project.join("in.txt"), "").unwrap();
        for (target, link) in
            [("../out.txt", "a"), ("in.txt", "b"), ("../gone", "c"), ("..", "d"), ("sub", "e"), ("gone", "f")]
        {
            symlink(target, project.join(link)).unwrap();
        }
        let inside = ["in.txt", "b", "sub/new", "sub/../in.txt", "e/x", "new/deep", "."];
        let outside = ["a", "c", "d", "d/project/../out.txt", "d/out.txt", "../out.txt", "..", "new/../../x", "f"];
        for (paths, expected) in [(&inside[..], true), (&outside[..], false)] {
            for path in paths {
                assert_eq!(is_inside(&project, &project.join(path)), expected, "{path}");
            }
        }
        assert!(!is_inside(&project, std::path::Path::new("/proc/self/environ")));
        assert!(is_inside(&around.path().join("project/d"), &project.join("a")), "the folder may be a link itself");
    }
}
